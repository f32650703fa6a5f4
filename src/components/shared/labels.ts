/**
 * The labels that every object of Istio carries, for people and their selectors.
 * @param app - the value of `app.kubernetes.io/name`.
 */
export function istioLabels(app: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/instance': 'istio',
    'app.kubernetes.io/part-of': 'istio',
  };
}
