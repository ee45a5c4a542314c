import { act } from './api.js';
import { showBlocks } from './blocks.js';
import { byId, h, showItems } from './dom.js';

const TABS = [
  { id: 'home', label: 'Home' },
  { id: 'messages', label: 'Messages' },
];

/**
 * The two tabs of the conversation with the app: its Home, which the app draws, and the messages.
 * @param {object} options
 * @param {() => void} options.redraw
 * @param {(error: unknown) => void} options.fail
 */
export function createAppHome({ redraw, fail }) {
  const tabs = byId('app-tabs');
  const panel = byId('app-home');
  let chosen = 'messages';
  let viewer = '';

  return { show, opened };

  /** Tells the app that somebody looks: Slack does at every opening of a tab. */
  function opened() {
    act({ do: 'open', as: viewer, tab: chosen }).catch(fail);
  }

  /** Gives whether the Home tab is what is shown. */
  function show({ viewer: as, view, isApp, names }) {
    viewer = as;
    tabs.hidden = !isApp;
    panel.hidden = !isApp || chosen !== 'home';
    showItems(
      tabs,
      TABS.map((tab) => ({ ...tab, isChosen: tab.id === chosen })),
      ({ id }) => id,
      showTab,
    );
    const press = (pressed) => act({ do: 'press', as, channel: '', ts: view.id, ...pressed }).catch(fail);
    const items = view
      ? view.blocks.map((block, index) => ({ key: `${as} ${view.hash} ${index}`, block }))
      : [{ key: 'none' }];
    showItems(
      panel,
      items,
      ({ key }) => key,
      ({ block }) =>
        block
          ? showBlocks([block], names, press)[0]
          : h('p', { className: 'empty' }, 'The app has put nothing here yet.'),
    );
    return !panel.hidden;
  }

  function showTab({ id, label, isChosen }) {
    const choose = () => {
      chosen = id;
      redraw();
      opened();
      document.querySelector('#app-tabs [aria-selected="true"]')?.focus();
    };
    return h(
      'button',
      { type: 'button', role: 'tab', 'aria-selected': String(isChosen), onclick: choose },
      label,
    );
  }
}
