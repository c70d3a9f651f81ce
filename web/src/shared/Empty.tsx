// SPDX-License-Identifier: Apache-2.0
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';

interface Properties {
  title: string;
  icon?: ComponentType;
  children: ReactNode;
  actions?: ReactNode;
}

/** Where there is nothing yet: what would be here, and how it gets here. */
export function Empty({ title, icon, children, actions }: Properties) {
  return (
    <EmptyState titleText={title} headingLevel="h2" icon={icon} variant="lg">
      <EmptyStateBody>{children}</EmptyStateBody>
      {actions !== undefined && (
        <EmptyStateFooter>
          <EmptyStateActions>{actions}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
