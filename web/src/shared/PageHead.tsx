// SPDX-License-Identifier: Apache-2.0
import { Content, Flex, FlexItem, PageSection, Title } from '@patternfly/react-core';
import { useEffect, type ReactNode } from 'react';

interface Properties {
  title: string;
  /** One sentence on what the page is for. */
  intro?: ReactNode;
  above?: ReactNode;
  beside?: ReactNode;
  actions?: ReactNode;
}

/** A page's head; it names the browser's tab, too. */
export function PageHead({ title, intro, above, beside, actions }: Properties) {
  useEffect(() => {
    document.title = `${title} – Berth`;
  }, [title]);
  return (
    <PageSection hasBodyWrapper={false} className="berth-head">
      {above}
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsCenter' }}>
        <FlexItem>
          <Flex alignItems={{ default: 'alignItemsCenter' }} gap={{ default: 'gapMd' }}>
            <Title headingLevel="h1">{title}</Title>
            {beside}
          </Flex>
        </FlexItem>
        {actions !== undefined && <FlexItem className="berth-actions">{actions}</FlexItem>}
      </Flex>
      {intro !== undefined && <Content component="p">{intro}</Content>}
    </PageSection>
  );
}
