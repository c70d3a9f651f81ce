// SPDX-License-Identifier: Apache-2.0
import { Nav, NavGroup, NavItem } from '@patternfly/react-core';
import { Link, useRouterState } from '@tanstack/react-router';
import { t } from '../text';
import { useMe, useTenantName } from './here';
import { places, type Place } from './places';

export function MainNav() {
  const me = useMe();
  const tenant = useTenantName();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const groups = places(tenant, me.operator);
  return (
    <Nav aria-label={t('nav.label')}>
      {groups.map((group) => (
        <NavGroup key={group.title} title={group.title}>
          {group.places.map((place) => (
            <NavItem key={place.href} itemId={place.href} isActive={isAt(path, place)} component={linkTo(place.href)}>
              {place.title}
            </NavItem>
          ))}
        </NavGroup>
      ))}
    </Nav>
  );
}

function isAt(path: string, place: Place): boolean {
  return path === place.href || (!place.exact && path.startsWith(`${place.href}/`));
}

const links = new Map<string, React.ComponentType<object>>();

/** The same component each time, or React would make the item anew with every render. */
function linkTo(href: string): React.ComponentType<object> {
  const known = links.get(href);
  if (known !== undefined) {
    return known;
  }
  const made = (properties: object) => <Link {...properties} to={href} />;
  links.set(href, made);
  return made;
}
