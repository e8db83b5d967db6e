import { BulbOutlined, MoonOutlined } from '@ant-design/icons';
import { useStreamState } from '../api/stream.ts';
import { useWords } from '../words/context.tsx';
import { useTheme } from './theme.tsx';

const SHAPES = { live: '●', standby: '◐', connecting: '○', down: '■' } as const;

export function LiveDot() {
  const { t } = useWords();
  const state = useStreamState();
  const hint = t(state === 'live' ? 'top.liveHint' : state === 'standby' ? 'top.standbyHint' : 'top.downHint');
  return (
    <span className={`live live-${state}`} role="status" title={hint}>
      <i aria-hidden="true">{SHAPES[state]}</i>
      <span className="live-word">{t(`top.${state}`)}</span>
    </span>
  );
}

/** Language and theme. Each button names what it switches to. */
export function Switches() {
  const { t, language, speak } = useWords();
  const { theme, choose } = useTheme();
  const next = theme === 'dark' ? 'light' : 'dark';
  return (
    <>
      <button
        type="button"
        className="text-button"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => speak(language === 'zh' ? 'en' : 'zh')}
      >
        {t('top.language')}
      </button>
      <button type="button" className="icon-button" aria-label={t(`top.${next}`)} title={t(`top.${next}`)} onClick={() => choose(next)}>
        {theme === 'dark' ? <BulbOutlined /> : <MoonOutlined />}
      </button>
    </>
  );
}
