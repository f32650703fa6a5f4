import { isAmbient, NAME, type NodeAgent } from './node-agent.ts';

/** The names of the agent's ClusterRoles. */
export type RoleName = `${typeof NAME}` | `${typeof NAME}-repair-role` | `${typeof NAME}-ambient`;

/** A ClusterRole of the agent, the binding that gives it, and when there is one. */
interface Role {
  readonly role: RoleName;
  readonly binding: string;
  /** The label that the binding alone has, in place of the role's `app`. */
  readonly bindingLabel: Readonly<Record<string, string>>;
  readonly isNeeded: (agent: NodeAgent) => boolean;
}

/** The ClusterRoles of the agent. */
export const ROLES: readonly Role[] = [
  { role: NAME, binding: NAME, bindingLabel: { app: NAME }, isNeeded: () => true },
  {
    role: `${NAME}-repair-role`,
    binding: `${NAME}-repair-rolebinding`,
    bindingLabel: { 'k8s-app': `${NAME}-repair` },
    isNeeded: ({ values }) => Boolean(values.repair.enabled),
  },
  {
    role: `${NAME}-ambient`,
    binding: `${NAME}-ambient`,
    bindingLabel: { 'k8s-app': `${NAME}-repair` },
    isNeeded: isAmbient,
  },
];
