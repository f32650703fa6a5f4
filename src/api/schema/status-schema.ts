import { integer, intOrText, listOf, mapOf, object, oneOf, text } from './schema.ts';

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
  targetVersion: text('Version that the component is on the way to.'),
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

/** One field of an object that would be changed. */
const plannedFieldSchema = object({
  path: text('Where in the object.'),
  before: text('The value now; absent where the field is not set.'),
  after: text('The value then; absent where the field goes.'),
  diff: text('The lines that differ, in a text of several.'),
});

/** One object that would be created, changed or deleted. */
const plannedObjectSchema = object({
  action: text('create, change, delete or blocked.'),
  component: text('Component that the object belongs to.'),
  group: text(),
  kind: text(),
  namespace: text(),
  name: text(),
  note: text('What stands in the way.'),
  fields: listOf(plannedFieldSchema, 'The fields that would change.'),
  moreFields: integer('Fields that are not listed.'),
});

/** What a dry run came to. */
const planSchema = object(
  {
    create: integer('Objects that would be created.'),
    change: integer('Objects that would be changed.'),
    delete: integer('Objects that would be deleted.'),
    blocked: integer('Objects that cannot be applied.'),
    unchanged: integer('Objects that are as they should be.'),
    objects: listOf(plannedObjectSchema, 'What would happen to which object.'),
    moreObjects: integer('Objects that are not listed.'),
    warnings: listOf(text(), 'What to know about the resource.'),
  },
  'What would be done, where the resource asks for a dry run.',
);

/** The `status` of an IstioOperator. */
export const statusSchema = object(
  {
    status,
    message: text('What is going on, in one line.'),
    observedGeneration: integer('Generation of the resource that the status is about.'),
    conditions: listOf(conditionSchema, 'Ready, Reconciling, Stalled and others.'),
    componentStatus: mapOf(componentStatusSchema, 'The components, by name.'),
    operator: text('Lock of the operator that looks after this resource; others leave it alone.'),
    inventory: listOf(inventoryItemSchema, 'Everything that this resource installed.'),
    plan: planSchema,
  },
  'What the operator observed.',
);
