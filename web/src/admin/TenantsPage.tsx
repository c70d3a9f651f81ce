// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, Label, PageSection, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { tenantsQuery } from '../api/queries';
import type { Tenant } from '../api/types';
import { Empty } from '../shared/Empty';
import { whyHeld } from '../shared/held';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { DeleteTenant, SuspendTenant } from './TenantDialogs';

type Asked = { what: 'suspend' | 'delete'; tenant: Tenant };

export default function TenantsPage() {
  const query = useQuery(tenantsQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Asked>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['tenants'] });
  const resume = (tenant: Tenant) =>
    ask(api.PATCH('/api/v1/tenants/{tenant}', { params: { path: { tenant: tenant.name } }, body: { state: 'ACTIVE' } })).then(refresh);
  const keep = (tenant: Tenant) =>
    ask(api.DELETE('/api/v1/tenants/{tenant}/deletion', { params: { path: { tenant: tenant.name } } })).then(refresh);
  return (
    <>
      <PageHead title={t('tenants.title')} intro={t('tenants.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <NewTenant onMade={() => void refresh()} />
        <Loaded query={query}>
          {(tenants) =>
            tenants.length === 0 ? (
              <Empty title={t('tenants.none')}>{t('tenants.none.what')}</Empty>
            ) : (
              <List
                label={t('tenants.title')}
                items={tenants}
                keyOf={(tenant) => tenant.id}
                columns={[
                  {
                    title: t('tenant.one'),
                    show: (tenant) => (
                      <Link to="/t/$tenant/containers" params={{ tenant: tenant.name }}>
                        {tenant.name}
                      </Link>
                    ),
                  },
                  { title: t('tenants.state'), show: (tenant) => <State tenant={tenant} /> },
                  { title: t('containers.created'), show: (tenant) => <Moment at={tenant.createdAt} /> },
                  {
                    title: t('list.actions'),
                    show: (tenant) => (
                      <>
                        {tenant.state === 'ACTIVE' && (
                          <Button
                            variant="link"
                            onClick={() => setAsked({ what: 'suspend', tenant })}
                            aria-label={t('tenants.suspend.of', { tenant: tenant.name })}
                          >
                            {t('tenants.suspend')}
                          </Button>
                        )}
                        {tenant.suspension !== null && (
                          <Button
                            variant="link"
                            onClick={() => void resume(tenant).catch(toasts.failed)}
                            aria-label={t('tenants.resume.of', { tenant: tenant.name })}
                          >
                            {t('tenants.resume')}
                          </Button>
                        )}
                        {tenant.deletion === null ? (
                          <Button
                            variant="link"
                            isDanger
                            onClick={() => setAsked({ what: 'delete', tenant })}
                            aria-label={t('tenants.delete.of', { tenant: tenant.name })}
                          >
                            {t('verb.delete')}
                          </Button>
                        ) : (
                          <Button
                            variant="link"
                            onClick={() => void keep(tenant).catch(toasts.failed)}
                            aria-label={t('tenants.keep.of', { tenant: tenant.name })}
                          >
                            {t('tenants.keep')}
                          </Button>
                        )}
                      </>
                    ),
                  },
                ]}
              />
            )
          }
        </Loaded>
        <SameAs
          lines={[
            [t('tenants.add'), curl('POST', '/tenants', { name: 'acme' })],
            [t('tenants.suspend'), curl('PATCH', '/tenants/acme', { state: 'SUSPENDED', reason: 'unpaid', containers: 'FREEZE' })],
            [t('tenants.deleteLater'), curl('PUT', '/tenants/acme/deletion', { graceDays: 30 })],
            [t('tenants.keep'), curl('DELETE', '/tenants/acme/deletion')],
          ]}
        />
      </PageSection>
      {asked?.what === 'suspend' && <SuspendTenant tenant={asked.tenant} onDone={refresh} onClose={() => setAsked(undefined)} />}
      {asked?.what === 'delete' && <DeleteTenant tenant={asked.tenant} onDone={refresh} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function State({ tenant }: { tenant: Tenant }) {
  const why = whyHeld(tenant);
  return (
    <>
      <Label isCompact color={why === null ? 'green' : 'orange'}>
        {why === null ? t('tenant.active') : t('tenant.suspended')}
      </Label>
      {why !== null && <p>{why}</p>}
    </>
  );
}

function NewTenant({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>(null);
  const toasts = useToasts();
  const make = () => {
    setError(null);
    ask(api.POST('/api/v1/tenants', { body: { name } })).then(
      () => {
        toasts.done(t('tenants.made', { tenant: name }));
        setName('');
        onMade();
      },
      (failure: unknown) => setError(failure),
    );
  };
  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('tenants.name')} fieldId="tenant-name" isRequired>
        <TextInput id="tenant-name" value={name} onChange={(_event, value) => setName(value)} autoComplete="off" isRequired />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="secondary" isDisabled={name === ''}>
          {t('tenants.add')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
