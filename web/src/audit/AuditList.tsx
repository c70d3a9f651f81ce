// SPDX-License-Identifier: Apache-2.0
import { ExpandableSection, Label, type LabelProps } from '@patternfly/react-core';
import type { TrailEntry } from '../api/types';
import { List, type Column } from '../shared/List';
import { Moment } from '../shared/Moment';
import { t } from '../text';

const COLORS: Record<TrailEntry['outcome'], LabelProps['color']> = { DONE: 'green', REFUSED: 'orange', FAILED: 'red' };

export function AuditList({ entries, withTenant }: { entries: TrailEntry[]; withTenant: boolean }) {
  const tenant: Column<TrailEntry> = { title: t('tenant.one'), show: (entry) => entry.tenant ?? '' };
  return (
    <List
      label={t('audit.title')}
      items={entries}
      keyOf={(entry) => entry.id}
      columns={[
        { title: t('audit.when'), show: (entry) => <Moment at={entry.at} /> },
        { title: t('audit.actor'), show: (entry) => entry.actor ?? t('audit.nobody') },
        ...(withTenant ? [tenant] : []),
        { title: t('audit.what'), show: (entry) => <What entry={entry} /> },
        {
          title: t('audit.outcome'),
          show: (entry) => (
            <Label isCompact color={COLORS[entry.outcome]}>
              {t(`audit.outcome.${entry.outcome}`)}
            </Label>
          ),
        },
        { title: t('audit.source'), show: (entry) => entry.source },
      ]}
    />
  );
}

/** The request, and on a closer look what it held and what it changed. */
function What({ entry }: { entry: TrailEntry }) {
  const request = `${entry.method} ${entry.path.replace('/api/v1', '')}`;
  const more = (['asked', 'before', 'after'] as const).filter((key) => entry[key] !== null);
  return (
    <>
      <code className="berth-break">{request}</code>
      {more.length > 0 && (
        <ExpandableSection toggleText={t('audit.details')} toggleAriaLabel={t('audit.details.of', { request })}>
          {more.map((key) => (
            <div key={key}>
              <span className="berth-quiet">{t(`audit.${key}`)}</span>
              <pre className="berth-break berth-wrap">{JSON.stringify(entry[key], null, 1)}</pre>
            </div>
          ))}
        </ExpandableSection>
      )}
    </>
  );
}
