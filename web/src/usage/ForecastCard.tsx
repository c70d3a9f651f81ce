// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { forecastQuery } from '../api/billing';
import { Facts } from '../shared/Facts';
import { money } from '../shared/money';
import { t } from '../text';

/** What the month will cost, for those who may see costs; nothing for others, and where there is no plan. */
export function ForecastCard({ tenant }: { tenant: string }) {
  const forecasts = useQuery({ ...forecastQuery(tenant), retry: false }).data ?? [];
  return forecasts.map((forecast) => (
    <Facts
      key={forecast.plan}
      title={t('forecast.title', { month: forecast.month })}
      facts={[
        [t('forecast.plan'), forecast.plan],
        [t('forecast.soFar'), money(forecast.soFar, forecast.currency)],
        [t('forecast.whole'), <strong key="whole">{money(forecast.whole, forecast.currency)}</strong>],
      ]}
    >
      <p className="berth-quiet">{t('forecast.what')}</p>
    </Facts>
  ));
}
