// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, Label, PageSection, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { imagesQuery } from '../api/queries';
import type { Operation } from '../api/types';
import { useFollow } from '../operations/follow';
import { Empty } from '../shared/Empty';
import { bytes } from '../shared/format';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

export default function ImagesPage() {
  const query = useQuery(imagesQuery);
  return (
    <>
      <PageHead title={t('images.title')} intro={t('images.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Build />
        <Loaded query={query}>
          {(images) =>
            images.length === 0 ? (
              <Empty title={t('images.none')}>{t('images.none.what')}</Empty>
            ) : (
              <List
                label={t('images.title')}
                items={images}
                keyOf={(image) => image.id}
                columns={[
                  { title: t('images.alias'), show: (image) => image.alias },
                  {
                    title: t('images.state'),
                    show: (image) => (
                      <Label isCompact color={image.current ? 'green' : 'grey'}>
                        {image.current ? t('images.current') : t('images.older')}
                      </Label>
                    ),
                  },
                  { title: t('images.id'), show: (image) => <code>{image.id.slice(0, 12)}</code> },
                  { title: t('images.architecture'), show: (image) => image.architecture },
                  { title: t('images.size'), show: (image) => bytes(image.sizeBytes) },
                  { title: t('images.built'), show: (image) => <Moment at={image.builtAt} /> },
                ]}
              />
            )
          }
        </Loaded>
        <SameAs
          lines={[
            [t('images.build'), curl('POST', '/images', { alias: 'debian/bookworm' })],
            [t('images.node'), './berth image build debian/bookworm'],
          ]}
        />
      </PageSection>
    </>
  );
}

/** Builds take minutes: the operation's page shows each line. */
function Build() {
  const [alias, setAlias] = useState('debian/bookworm');
  const [error, setError] = useState<unknown>(null);
  const follow = useFollow();
  const navigate = useNavigate();
  async function build() {
    setError(null);
    try {
      const operation = (await ask(api.POST('/api/v1/images', { body: { alias } }))) as Operation;
      follow(operation);
      await navigate({ to: '/admin/operations/$operation', params: { operation: operation.id } });
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        void build();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('images.alias')} fieldId="image-alias" isRequired>
        <TextInput id="image-alias" value={alias} onChange={(_event, value) => setAlias(value)} autoComplete="off" isRequired />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="secondary" isDisabled={alias === ''}>
          {t('images.build')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
