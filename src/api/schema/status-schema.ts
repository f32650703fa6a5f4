import { anything, integer, intOrText, listOf, mapOf, object, oneOf, text } from './schema.ts';

/** A word; statuses that Istio 1.4 wrote hold its number. */
const status = intOrText('NONE, UPDATING, RECONCILING, HEALTHY, ERROR or ACTION_REQUIRED.');

/** One condition, as every Kubernetes API has them. */
export const conditionSchema = object(
  {
    type: text('What the condition is about.'),
    status: oneOf(['True', 'False', 'Unknown']),
    reason: text('Why, in one word.'),
    message: text('Why, for people.'),
    lastTransitionTime: text('When the status of the condition changed.'),
    observedGeneration: integer('Generation of the resource that the condition is about.'),
  },
  undefined,
  { required: ['type', 'status'] },
);

/** How one object of a component is. */
export const objectStatusSchema = object({
  kind: text(),
  namespace: text(),
  name: text(),
  ready: integer('Pods that are ready.'),
  desired: integer('Pods that are wanted.'),
  reason: text(),
  message: text(),
});

/** How one component is. */
export const componentStatusSchema = object({
  status,
  error: text('What is wrong and what to do.'),
  version: text('Version that the component runs.'),
  objects: listOf(objectStatusSchema, 'The workloads of the component.'),
});

/** One installed object. */
export const inventoryItemSchema = object({
  group: text(),
  kind: text(),
  namespace: text(),
  name: text(),
  apiVersion: text(),
  digest: text('Digest of what was applied.'),
});

/** The `status` of an IstioOperator. */
export const statusSchema = object(
  {
    status,
    message: text('What is going on, in one line.'),
    observedGeneration: integer('Generation of the resource that the status is about.'),
    conditions: listOf(conditionSchema, 'Ready, Reconciling, Stalled and others.'),
    componentStatus: mapOf(componentStatusSchema, 'The components, by name.'),
    inventory: listOf(inventoryItemSchema, 'Everything that this resource installed.'),
    plan: anything('What would be changed, where the resource asks for a dry run.'),
  },
  'What the operator observed.',
);
