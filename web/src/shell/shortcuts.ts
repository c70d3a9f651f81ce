// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useMe, useTenantName } from './here';
import { places } from './places';

interface Openers {
  openPalette: () => void;
  openHelp: () => void;
}

const SEQUENCE_MILLIS = 1_500;

/** Whether a key typed there is text, or a terminal's, and no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, .xterm, [role="dialog"]') !== null)
  );
}

/** Ctrl+K or / for the palette, ? for help, n for a new container, g and a letter to go somewhere. */
export function useShortcuts({ openPalette, openHelp }: Openers): void {
  const navigate = useNavigate();
  const me = useMe();
  const tenant = useTenantName();
  const goingSince = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !isInTerminal(event.target)) {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const going = Date.now() - goingSince.current < SEQUENCE_MILLIS;
      goingSince.current = 0;
      if (going) {
        const place = places(tenant, me.operator)
          .flatMap((group) => group.places)
          .find((each) => each.key === event.key);
        if (place !== undefined) {
          event.preventDefault();
          void navigate({ to: place.href });
        }
      } else if (event.key === 'g') {
        goingSince.current = Date.now();
      } else if (event.key === '/') {
        event.preventDefault();
        openPalette();
      } else if (event.key === '?') {
        event.preventDefault();
        openHelp();
      } else if (event.key === 'n' && tenant !== undefined) {
        event.preventDefault();
        void navigate({ to: '/t/$tenant/new-container', params: { tenant } });
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, me.operator, tenant, openPalette, openHelp]);
}

function isInTerminal(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('.xterm') !== null;
}
