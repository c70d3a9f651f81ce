// SPDX-License-Identifier: Apache-2.0
import {
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { BarsIcon } from '@patternfly/react-icons/dist/esm/icons/bars-icon';
import { SearchIcon } from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listen } from '../live/events';
import { timeZone } from '../shared/format';
import { t } from '../text';
import { HeldBanner } from './HeldBanner';
import { MainNav } from './MainNav';
import { Palette } from './Palette';
import { ShortcutsHelp } from './ShortcutsHelp';
import { TenantSwitcher } from './TenantSwitcher';
import { ThemeToggle } from './ThemeToggle';
import { UserMenu } from './UserMenu';
import { useShortcuts } from './shortcuts';

const WIDE = '(min-width: 75rem)'; // PatternFly's xl, from which on the sidebar stands beside the page
const MAIN = 'main';

/** What is around every page. */
export function Shell() {
  const [open, setOpen] = useState(() => window.matchMedia(WIDE).matches);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const queries = useQueryClient();
  useEffect(() => listen(queries), [queries]);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useShortcuts({ openPalette: () => setPalette(true), openHelp: () => setHelp(true) });
  useEffect(() => {
    if (!window.matchMedia(WIDE).matches) {
      setOpen(false); // on a phone, what was chosen is behind the sidebar
    }
  }, [path]);
  const head = (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton
            variant="plain"
            aria-label={t('nav.toggle')}
            isSidebarOpen={open}
            onSidebarToggle={() => setOpen(!open)}
            id="nav-toggle"
          >
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(properties) => <Link {...properties} to="/" />} className="berth-logo">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            <span>Berth</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isFullHeight isStatic>
          <ToolbarContent>
            <ToolbarItem>
              <TenantSwitcher />
            </ToolbarItem>
            <ToolbarGroup align={{ default: 'alignEnd' }} variant="action-group-plain">
              <ToolbarItem>
                <Button
                  variant="plain"
                  icon={<SearchIcon />}
                  aria-label={t('palette.open')}
                  title={t('palette.open')}
                  onClick={() => setPalette(true)}
                />
              </ToolbarItem>
              <ToolbarItem>
                <ThemeToggle />
              </ToolbarItem>
              <ToolbarItem>
                <UserMenu onShortcuts={() => setHelp(true)} />
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  );
  return (
    <Page
      masthead={head}
      sidebar={
        <PageSidebar isSidebarOpen={open}>
          <PageSidebarBody isFilled>
            <MainNav />
          </PageSidebarBody>
          <PageSidebarBody isFilled={false} usePageInsets className="berth-quiet">
            {t('time.zone', { zone: timeZone() })}
          </PageSidebarBody>
        </PageSidebar>
      }
      skipToContent={<SkipToContent href={`#${MAIN}`}>{t('nav.skip')}</SkipToContent>}
      mainContainerId={MAIN}
      isContentFilled
    >
      <HeldBanner />
      <Outlet />
      {palette && <Palette onClose={() => setPalette(false)} />}
      {help && <ShortcutsHelp onClose={() => setHelp(false)} />}
    </Page>
  );
}
