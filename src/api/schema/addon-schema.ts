import { addonFields } from './component-schema.ts';
import { flag, listOf, mapOf, object, oneOf, quantity, text, withDescription } from './schema.ts';
import { namespaceCheck, type TextCheckResult } from './text-checks.ts';
