// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { priceBooksQuery, priceBookVersionsQuery } from '../api/billing';
import type { PriceBook, PriceBookVersion } from '../api/types';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { maybe, t } from '../text';

const EXAMPLE = { prices: [{ meter: 'VCPU', tiers: [{ unitPrice: '0.0125' }] }] };

/** Price books, version by version. None is ever changed: what was billed stays explained. */
export function PricesTab() {
  const query = useQuery(priceBooksQuery);
  return (
    <>
      <p>{t('prices.what')}</p>
      <Loaded query={query}>
        {(books) =>
          books.length === 0 ? (
            <Empty title={t('prices.none')}>{t('prices.none.what')}</Empty>
          ) : (
            books.map((book) => <Book key={book.name} book={book} />)
          )
        }
      </Loaded>
      <SameAs
        lines={[
          [t('prices.make'), curl('POST', '/price-books', { name: 'standard', currency: 'EUR' })],
          [t('prices.add'), curl('POST', '/price-books/standard/versions', EXAMPLE)],
        ]}
      />
    </>
  );
}

function Book({ book }: { book: PriceBook }) {
  const query = useQuery(priceBookVersionsQuery(book.name));
  return (
    <Loaded query={query}>
      {(versions) =>
        versions.length === 0 ? (
          <p>{t('prices.empty', { book: book.name })}</p>
        ) : (
          [...versions].sort((one, other) => other.version - one.version).map((version) => <Version key={version.version} version={version} />)
        )
      }
    </Loaded>
  );
}

function Version({ version }: { version: PriceBookVersion }) {
  const title = t('prices.version', { book: version.book, version: version.version });
  return (
    <section>
      <h2 className="berth-subhead">{title}</h2>
      <List
        label={title}
        items={version.prices}
        keyOf={(price) => price.meter}
        columns={[
          { title: t('prices.meter'), show: (price) => maybe(`meter.${price.meter}`, price.meter) },
          { title: t('prices.unit'), show: (price) => maybe(`meter.${price.meter}.unit`, '') },
          { title: t('prices.included'), show: (price) => price.included ?? '0' },
          {
            title: t('prices.price'),
            show: (price) =>
              price.tiers.map((tier) => (
                <div key={tier.unitPrice + (tier.upTo ?? '')}>
                  {t(tier.upTo === null ? 'prices.tier.last' : 'prices.tier', {
                    price: tier.unitPrice,
                    currency: version.currency,
                    upTo: tier.upTo ?? '',
                  })}
                </div>
              )),
          },
        ]}
      />
    </section>
  );
}
