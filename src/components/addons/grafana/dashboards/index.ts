import { once } from '../../../../core/index.ts';
import { CONTROL_PLANE } from './control-plane.ts';
import { dashboardJson } from './dashboard.ts';
import { MESH } from './mesh.ts';
import { OPERATOR_DASHBOARD } from './operator.ts';
import type { DashboardPlan } from './panel.ts';
import { SERVICE } from './service.ts';
import { WORKLOAD } from './workload.ts';
import { ZTUNNEL_DASHBOARD } from './ztunnel.ts';

/** The dashboards, by the name of their file. */
export const DASHBOARDS: Readonly<Record<string, DashboardPlan>> = {
  mesh: MESH,
  service: SERVICE,
  workload: WORKLOAD,
  'control-plane': CONTROL_PLANE,
  ztunnel: ZTUNNEL_DASHBOARD,
  operator: OPERATOR_DASHBOARD,
};

/** The dashboards as files. On one line each: nobody edits them here, and a ConfigMap holds a megabyte at most. */
export const dashboardFiles = once(
  (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(DASHBOARDS).map(([name, plan]) => [`${name}.json`, `${JSON.stringify(dashboardJson(plan))}\n`]),
    ),
);
