// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, FormSelect, FormSelectOption, Label } from '@patternfly/react-core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deliveriesQuery, replay, type DeliveryState } from '../api/webhooks';
import type { Delivery, WebhookEndpoint } from '../api/types';
import { Dialog } from '../shared/Dialog';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { Message } from './Message';
import { wire } from './types';

const STATES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
const COLORS = { PENDING: 'blue', DELIVERED: 'green', FAILED: 'red' } as const;

/** What an endpoint was told, and is to be. */
export function Deliveries({ tenant, endpoint }: { tenant: string | undefined; endpoint: WebhookEndpoint }) {
  const [state, setState] = useState<DeliveryState>();
  const [shown, setShown] = useState<Delivery>();
  const query = useInfiniteQuery(deliveriesQuery(tenant, endpoint.id, state));
  const queries = useQueryClient();
  const toasts = useToasts();
  const again = (delivery: Delivery) =>
    void replay(tenant, endpoint.id, delivery.message).then(
      () => queries.invalidateQueries({ queryKey: ['webhook-deliveries'] }),
      toasts.failed,
    );
  return (
    <section>
      <h2 className="berth-subhead">{t('webhooks.deliveries.of', { url: endpoint.label ?? endpoint.url })}</h2>
      <FormGroup label={t('webhooks.state')} fieldId="delivery-state">
        <FormSelect
          id="delivery-state"
          value={state ?? ''}
          onChange={(_event, value) => setState(STATES.find((each) => each === value))}
        >
          <FormSelectOption value="" label={t('webhooks.any')} />
          {STATES.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`webhooks.delivery.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
      <Loaded query={query}>
        {({ pages }) => {
          const deliveries = pages.flatMap((page) => page.items);
          return deliveries.length === 0 ? (
            <Empty title={t('webhooks.deliveries.none')}>{t('webhooks.deliveries.none.what')}</Empty>
          ) : (
            <List
              label={t('webhooks.act.show')}
              items={deliveries}
              keyOf={(delivery) => delivery.message}
              columns={[
                { title: t('webhooks.type'), show: (delivery) => <code>{wire(delivery.type)}</code> },
                { title: t('webhooks.at'), show: (delivery) => <Moment at={delivery.at} /> },
                {
                  title: t('webhooks.state'),
                  show: (delivery) => (
                    <Label isCompact color={COLORS[delivery.state]}>
                      {t(`webhooks.delivery.${delivery.state}`)}
                    </Label>
                  ),
                },
                { title: t('webhooks.tries'), show: (delivery) => delivery.tries },
                {
                  title: t('list.actions'),
                  show: (delivery) => (
                    <>
                      <Button
                        variant="link"
                        onClick={() => setShown(delivery)}
                        aria-label={t('webhooks.message.of', { message: delivery.message })}
                      >
                        {t('webhooks.message')}
                      </Button>
                      <Button
                        variant="link"
                        onClick={() => again(delivery)}
                        aria-label={t('webhooks.replay.of', { message: delivery.message })}
                      >
                        {t('webhooks.replay')}
                      </Button>
                    </>
                  ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      {query.hasNextPage && (
        <Button variant="secondary" isLoading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('webhooks.more')}
        </Button>
      )}
      {shown !== undefined && (
        <Dialog title={wire(shown.type)} onClose={() => setShown(undefined)}>
          <Message tenant={tenant} endpoint={endpoint.id} delivery={shown} />
        </Dialog>
      )}
    </section>
  );
}
