// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { secondFactorsQuery } from '../api/queries';
import { Copyable } from '../shared/Copyable';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { ProblemAlert } from '../shared/ProblemAlert';
import { t } from '../text';
import { EnrolAuthenticator } from './EnrolAuthenticator';

/** What is asked for beside the password: added, removed, and the way back for whoever loses it. */
export function SecondFactorSection() {
  const query = useQuery(secondFactorsQuery);
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState('');
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: ['second-factors'] }), queries.invalidateQueries({ queryKey: ['session'] })]);
  const attempt = (verb: () => Promise<void>) => {
    setError(null);
    setSaid('');
    verb().then(refresh).catch(setError);
  };
  const remove = async () => {
    await ask(api.DELETE('/api/v1/account/totp'));
    setCodes(undefined);
    setSaid(t('factors.removed'));
  };
  const again = async () => {
    const fresh = await ask(api.POST('/api/v1/account/recovery-codes'));
    setCodes(fresh.recoveryCodes);
  };
  return (
    <section>
      <h2 className="berth-subhead">{t('factors.title')}</h2>
      <p>{t('factors.what')}</p>
      {error !== null && <ProblemAlert error={error} />}
      <p role="status">{said}</p>
      {codes !== undefined && (
        <Alert isInline variant="success" title={t('factors.codes')}>
          <p>{t('factors.codes.once')}</p>
          <Copyable text={codes.join('\n')} label={t('factors.codes')} />
        </Alert>
      )}
      <Loaded query={query}>
        {({ totpSince, recoveryCodesLeft }) =>
          totpSince === null ? (
            <>
              <p>{t('factors.none')}</p>
              <EnrolAuthenticator
                onEnrolled={(fresh) => {
                  setCodes(fresh);
                  void refresh();
                }}
              />
            </>
          ) : (
            <>
              <p>
                {t('factors.since')} <Moment at={totpSince} />.{' '}
                {t('factors.codes.left', { count: recoveryCodesLeft })}
              </p>
              <Button variant="secondary" onClick={() => attempt(again)}>
                {t('factors.codes.again')}
              </Button>{' '}
              <Button variant="secondary" isDanger onClick={() => attempt(remove)}>
                {t('factors.remove')}
              </Button>
            </>
          )
        }
      </Loaded>
    </section>
  );
}
