// SPDX-License-Identifier: Apache-2.0
import { Button, PageSection } from '@patternfly/react-core';
import { CubesIcon } from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { containersQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Empty } from '../shared/Empty';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { BulkResults, useBulk } from './Bulk';
import { ContainersTable } from './ContainersTable';
import { ContainersToolbar } from './ContainersToolbar';
import { filtered } from './state';

const route = getRouteApi('/shell/t/$tenant/containers');

export default function ContainersPage() {
  const { tenant } = route.useParams();
  const { q, state } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(containersQuery(tenant));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const bulk = useBulk(tenant);
  const create = (
    <Button variant="primary" onClick={() => void navigate({ to: '/t/$tenant/new-container', params: { tenant } })}>
      {t('newContainer.title')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('containers.title')} intro={t('containers.intro')} actions={create} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Loaded query={query}>
          {(containers) => {
            if (containers.length === 0) {
              return (
                <Empty title={t('containers.none')} icon={CubesIcon} actions={create}>
                  <p>{t('containers.none.what')}</p>
                  <p>
                    {t('containers.none.key')}{' '}
                    <Link to="/t/$tenant/ssh" params={{ tenant }}>
                      {t('ssh.title')}
                    </Link>
                  </p>
                </Empty>
              );
            }
            const shown = filtered(containers, q, state);
            const picked = shown.filter((each) => chosen.has(each.name));
            return (
              <>
                <ContainersToolbar
                  all={containers}
                  shown={shown}
                  picked={picked}
                  onBulk={(verb) => {
                    bulk.run(verb, picked);
                    setChosen(new Set());
                  }}
                />
                <Shown shown={shown} chosen={chosen} onChoose={setChosen} />
                {bulk.job !== undefined && <BulkResults job={bulk.job} onClose={bulk.close} />}
              </>
            );
          }}
        </Loaded>
        <SameAs
          lines={[
            [t('containers.sameAs.list'), curl('GET', `/tenants/${tenant}/containers`)],
            [t('containers.sameAs.node'), './berth ls'],
          ]}
        />
      </PageSection>
    </>
  );
}

interface ShownProperties {
  shown: Container[];
  chosen: ReadonlySet<string>;
  onChoose: (names: ReadonlySet<string>) => void;
}

function Shown({ shown, chosen, onChoose }: ShownProperties) {
  if (shown.length === 0) {
    return <Empty title={t('containers.noMatch')}>{t('containers.noMatch.cure')}</Empty>;
  }
  return <ContainersTable containers={shown} chosen={chosen} onChoose={onChoose} />;
}
