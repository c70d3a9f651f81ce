// SPDX-License-Identifier: Apache-2.0
import { t } from '../text';

export interface Place {
  title: string;
  href: string;
  /** The second key after g that goes there. */
  key: string;
  /** Whether pages below it are none of it. */
  exact?: boolean;
}

export interface PlaceGroup {
  title: string;
  places: Place[];
}

/** All that can be gone to: the navigation, the palette and the shortcuts show the same. */
export function places(tenant: string | undefined, operator: boolean): PlaceGroup[] {
  const groups: PlaceGroup[] = [];
  if (tenant !== undefined) {
    const base = `/t/${encodeURIComponent(tenant)}`;
    groups.push({
      title: t('nav.tenant', { tenant }),
      places: [
        { title: t('containers.title'), href: `${base}/containers`, key: 'c' },
        { title: t('volumes.title'), href: `${base}/volumes`, key: 'w' },
        { title: t('ssh.title'), href: `${base}/ssh`, key: 'k' },
        { title: t('members.title'), href: `${base}/members`, key: 'm' },
        { title: t('usagePage.title'), href: `${base}/usage`, key: 'e' },
        { title: t('invoices.title'), href: `${base}/invoices`, key: 'v' },
        { title: t('budget.title'), href: `${base}/budget`, key: 'y' },
        { title: t('operations.title'), href: `${base}/operations`, key: 'o' },
        { title: t('recordings.title'), href: `${base}/recordings`, key: 'p' },
        { title: t('webhooks.title'), href: `${base}/webhooks`, key: 'j' },
        { title: t('audit.title'), href: `${base}/audit`, key: 'h' },
      ],
    });
  }
  if (operator) {
    groups.push({
      title: t('nav.admin'),
      places: [
        { title: t('dashboard.title'), href: '/admin', key: 'd', exact: true },
        { title: t('tenants.title'), href: '/admin/tenants', key: 't' },
        { title: t('users.title'), href: '/admin/users', key: 'u' },
        { title: t('nodes.title'), href: '/admin/nodes', key: 'n' },
        { title: t('images.title'), href: '/admin/images', key: 'i' },
        { title: t('security.title'), href: '/admin/security', key: 's' },
        { title: t('billing.title'), href: '/admin/billing', key: 'b' },
        { title: t('webhooks.every'), href: '/admin/webhooks', key: 'x' },
        { title: t('allOperations.title'), href: '/admin/operations', key: 'l' },
        { title: t('audit.all'), href: '/admin/audit', key: 'r' },
      ],
    });
  }
  groups.push({ title: t('nav.you'), places: [{ title: t('account.title'), href: '/account', key: 'a' }] });
  return groups;
}
