// SPDX-License-Identifier: Apache-2.0
import {
  ActionGroup,
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  PageSection,
  TextInput,
} from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ApiError } from '../api/problem';
import { imagesQuery } from '../api/queries';
import type { Operation } from '../api/types';
import { useFollow } from '../operations/follow';
import { PageHead } from '../shared/PageHead';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { isName } from './name';
import { DEFAULT_SIZE, limitsOf, SizeFields } from './SizeFields';

const route = getRouteApi('/shell/t/$tenant/new-container');

export default function NewContainerPage() {
  const { tenant } = route.useParams();
  const navigate = useNavigate();
  const follow = useFollow();
  const images = useQuery(imagesQuery);
  const aliases = (images.data ?? []).filter((image) => image.current).map((image) => image.alias);
  const [name, setName] = useState('');
  const [picked, setPicked] = useState<string>();
  const [size, setSize] = useState(DEFAULT_SIZE);
  const [start, setStart] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const image = picked ?? aliases[0] ?? '';
  const body = { name, image, limits: limitsOf(size), start };
  const nameIsWrong = name !== '' && !isName(name);

  async function create() {
    setBusy(true);
    setError(null);
    try {
      const operation = (await ask(
        api.POST('/api/v1/tenants/{tenant}/containers', { params: { path: { tenant } }, body }),
      )) as Operation;
      follow(operation);
      await navigate({
        to: '/t/$tenant/containers/$container',
        params: { tenant, container: name },
        search: { tab: undefined },
      });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  const wrongField = error instanceof ApiError ? error.problem.field : undefined;
  return (
    <>
      <PageHead title={t('newContainer.title')} intro={t('newContainer.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Form
          className="berth-form"
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          {error !== null && <ProblemAlert error={error} />}
          {images.error !== null && <ProblemAlert error={images.error} onRetry={() => void images.refetch()} />}
          <FormGroup label={t('containers.name')} fieldId="name" isRequired>
            <TextInput
              id="name"
              value={name}
              onChange={(_event, value) => setName(value)}
              validated={nameIsWrong || wrongField === 'name' ? 'error' : 'default'}
              autoComplete="off"
              aria-describedby="name-help"
              isRequired
              autoFocus
            />
            <FormHelperText>
              <HelperText id="name-help">
                <HelperTextItem variant={nameIsWrong ? 'error' : 'default'}>{t('newContainer.name.help', { tenant })}</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label={t('containers.image')} fieldId="image" isRequired>
            <FormSelect id="image" value={image} onChange={(_event, value) => setPicked(value)} isDisabled={aliases.length === 0}>
              {aliases.length === 0 && <FormSelectOption value="" label={t('newContainer.noImage')} />}
              {aliases.map((alias) => (
                <FormSelectOption key={alias} value={alias} label={alias} />
              ))}
            </FormSelect>
            {images.data !== undefined && aliases.length === 0 && (
              <FormHelperText>
                <HelperText>
                  <HelperTextItem variant="warning">{t('newContainer.noImage.cure')}</HelperTextItem>
                </HelperText>
              </FormHelperText>
            )}
          </FormGroup>
          <SizeFields size={size} onChange={setSize} />
          <Checkbox
            id="start"
            label={t('newContainer.start')}
            isChecked={start}
            onChange={(_event, value) => setStart(value)}
          />
          <ActionGroup>
            <Button type="submit" variant="primary" isLoading={busy} isDisabled={busy || !isName(name) || image === ''}>
              {t('newContainer.action')}
            </Button>
            <Button
              variant="link"
              onClick={() => void navigate({ to: '/t/$tenant/containers', params: { tenant } })}
            >
              {t('action.cancel')}
            </Button>
          </ActionGroup>
        </Form>
        <SameAs lines={[[t('newContainer.title'), curl('POST', `/tenants/${tenant}/containers`, body)]]} />
      </PageSection>
    </>
  );
}
