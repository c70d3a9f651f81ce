// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import type { AuditVerification } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { t } from '../text';

/** Recomputes the chain of hashes, which a change of any entry breaks. */
export function Verification() {
  const [found, setFound] = useState<AuditVerification>();
  const verify = async () => setFound((await ask(api.GET('/api/v1/audit/verification'))) as AuditVerification);
  return (
    <section>
      <h2 className="berth-subhead">{t('audit.chain')}</h2>
      <p>{t('audit.chain.what')}</p>
      <ActionForm action={t('audit.verify')} variant="secondary" onSubmit={verify} />
      {found !== undefined && (
        <Alert
          isInline
          variant={found.firstBroken === null ? 'success' : 'danger'}
          title={found.firstBroken === null ? t('audit.whole', { number: found.head.number }) : t('audit.broken', { number: found.firstBroken })}
        >
          <code className="berth-break">{found.head.hash}</code>
        </Alert>
      )}
    </section>
  );
}
