// SPDX-License-Identifier: Apache-2.0
import { PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import type { ReactNode } from 'react';

export interface TabOf {
  key: string;
  title: string;
  body: ReactNode;
}

interface Properties {
  label: string;
  tabs: TabOf[];
  /** As it stands in the address; the first where nothing does. */
  tab: string | undefined;
  onTab: (tab: string) => void;
}

/** Parts of a page, of which one is shown. */
export function TabbedPage({ label, tabs, tab, onTab }: Properties) {
  const active = tabs.find((each) => each.key === tab) ?? tabs[0];
  return (
    <>
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs activeKey={active?.key} onSelect={(_event, key) => onTab(String(key))} aria-label={label} role="region">
          {tabs.map((each) => (
            <Tab key={each.key} eventKey={each.key} title={<TabTitleText>{each.title}</TabTitleText>} tabContentId={`tab-${each.key}`} />
          ))}
        </Tabs>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        <section id={`tab-${active?.key ?? ''}`} role="tabpanel" aria-label={active?.title} tabIndex={0} className="berth-tab">
          {active?.body}
        </section>
      </PageSection>
    </>
  );
}
