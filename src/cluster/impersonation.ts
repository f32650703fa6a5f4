import type { Authentication, Credentials } from './credentials.ts';

/** Somebody else, as whom requests are to count; RBAC decides who may do that. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** Credentials whose requests count as somebody else's, in place of whom the kubeconfig impersonates. */
export function impersonating(own: Credentials, who: Impersonation): Credentials {
  let last: { readonly plain: Authentication; readonly disguised: Authentication } | undefined;
  return {
    async authenticate() {
      const plain = await own.authenticate();
      if (last?.plain !== plain) last = { plain, disguised: disguised(plain, who) };
      return last.disguised;
    },
    expire(refused) {
      if (last?.disguised === refused) own.expire(last.plain);
    },
  };
}

function disguised({ headers, tls }: Authentication, { user, groups, uid }: Impersonation): Authentication {
  const others = Object.entries(headers).filter(([name]) => !name.startsWith('impersonate-'));
  return {
    headers: {
      ...Object.fromEntries(others),
      'impersonate-user': user,
      ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
      ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    },
    tls,
  };
}
