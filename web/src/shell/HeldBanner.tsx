// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { tenantsQuery } from '../api/queries';
import { whyHeld } from '../shared/held';
import { t } from '../text';

/** What whoever looks at a tenant that is held has to know first. */
export function HeldBanner() {
  const { tenant } = useParams({ strict: false });
  const found = useQuery(tenantsQuery).data?.find((each) => each.name === tenant);
  const why = found === undefined ? null : whyHeld(found);
  return why === null ? null : (
    <Alert variant="warning" isInline title={t('held.title', { tenant: found?.name ?? '' })}>
      <p>{why}</p>
    </Alert>
  );
}
