/** The Istio release that this operator installs when a CR names no tag. */
export const ISTIO_VERSION = '1.30.3';

/** The registry that this operator installs from when a CR names no hub. */
export const ISTIO_HUB = 'registry.istio.io/release';

/** The operator's own version; it is the label `operator.istio.io/version` on everything it installs. */
export const OPERATOR_VERSION = '0.1.0';
