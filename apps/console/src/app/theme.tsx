import { ConfigProvider, theme as antTheme } from 'antd';
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { paint, type ThemeName, TOKENS } from './tokens.ts';

const SAVED_AS = 'weir.theme';
export const FONT = "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif";

const Context = createContext<{ readonly theme: ThemeName; readonly choose: (theme: ThemeName) => void }>({
  theme: 'light',
  choose: () => undefined,
});
export const useTheme = () => useContext(Context);

function firstTheme(): ThemeName {
  const saved = localStorage.getItem(SAVED_AS);
  if (saved === 'light' || saved === 'dark') return saved;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState(firstTheme);
  useLayoutEffect(() => paint(theme, document.documentElement), [theme]);
  const value = useMemo(() => {
    const choose = (next: ThemeName): void => {
      localStorage.setItem(SAVED_AS, next);
      setTheme(next);
    };
    return { theme, choose };
  }, [theme]);
  const tokens = TOKENS[theme];
  const config = {
    algorithm: theme === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 13,
      controlHeight: 30,
      borderRadius: 5,
      colorPrimary: tokens.accent,
      colorLink: tokens.accent,
      colorError: tokens.bad,
      colorErrorBg: tokens['bad-ground'],
      colorErrorBorder: tokens.bad,
      colorWarning: tokens.waiting,
      colorWarningBg: tokens['waiting-ground'],
      colorWarningBorder: tokens.waiting,
      colorInfoBg: tokens['moving-ground'],
      colorInfoBorder: tokens.moving,
      colorText: tokens.ink,
      colorTextPlaceholder: tokens.soft,
      colorBgContainer: tokens.surface,
      colorBgElevated: tokens.surface,
      colorBorder: tokens.edge,
      colorTextLightSolid: tokens['on-accent'],
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.12s',
    },
  };
  return (
    <Context value={value}>
      <ConfigProvider theme={config} button={{ autoInsertSpace: false }}>
        {children}
      </ConfigProvider>
    </Context>
  );
}
