// SPDX-License-Identifier: Apache-2.0
import { ExpandableSection } from '@patternfly/react-core';
import { t } from '../text';
import { Copyable } from './Copyable';

/** What the page shows or does, as lines for a shell. */
export function SameAs({ lines }: { lines: [what: string, line: string][] }) {
  return (
    <ExpandableSection toggleText={t('sameAs.title')} className="berth-same-as">
      <p>{t('sameAs.token')}</p>
      {lines.map(([what, line]) => (
        <div key={what}>
          <p>{what}</p>
          <Copyable text={line} label={what} />
        </div>
      ))}
    </ExpandableSection>
  );
}
