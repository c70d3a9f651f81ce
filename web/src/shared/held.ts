// SPDX-License-Identifier: Apache-2.0
import type { Tenant } from '../api/types';
import { t } from '../text';
import { absolute } from './format';

/** Why nothing can be set going in a tenant, and who can help; null while it is active. */
export function whyHeld(tenant: Pick<Tenant, 'state' | 'parent' | 'suspension' | 'deletion' | 'overBudget'>): string | null {
  if (tenant.state === 'ACTIVE') {
    return null;
  }
  if (tenant.deletion !== null) {
    return t('held.deletion', { at: absolute(new Date(tenant.deletion.at)), reason: said(tenant.deletion.reason) });
  }
  if (tenant.suspension !== null) {
    return t('held.suspension', { reason: said(tenant.suspension.reason) });
  }
  if (tenant.overBudget !== null) {
    return t('held.budget', { tenant: tenant.overBudget });
  }
  return t('held.above', { tenant: tenant.parent ?? '' });
}

function said(reason: string | null): string {
  return reason ?? t('held.noReason');
}
