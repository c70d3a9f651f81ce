// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { MoonIcon } from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import { SunIcon } from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { useState } from 'react';
import { t } from '../text';
import { chooseTheme, isDark, storedTheme } from './theme';

export function ThemeToggle() {
  const [dark, setDark] = useState(() => isDark(storedTheme()));
  const label = dark ? t('theme.light') : t('theme.dark');
  return (
    <Button
      variant="plain"
      icon={dark ? <SunIcon /> : <MoonIcon />}
      aria-label={label}
      title={label}
      onClick={() => {
        chooseTheme(dark ? 'light' : 'dark');
        setDark(!dark);
      }}
    />
  );
}
