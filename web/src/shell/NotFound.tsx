// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { PageSection } from '@patternfly/react-core';
import { Empty } from '../shared/Empty';
import { t } from '../text';

export function NotFound() {
  return (
    <PageSection hasBodyWrapper={false}>
      <Empty title={t('notFound.title')} actions={<Link to="/">{t('notFound.home')}</Link>}>
        {t('notFound.body')}
      </Empty>
    </PageSection>
  );
}
