import { fixed, watch } from './api.js';
import { createChatterPane } from './chatter-pane.js';
import { byId, h, showItems } from './dom.js';
import { createFaults } from './faults.js';
import { createGuide } from './guide.js';
import { createModal } from './modal.js';
import { createSlackPane } from './slack-pane.js';

const EXAMPLE = '/chatter-dm @grace lunch?';

const { emoji, faultMenus } = await fixed();
/** The server then says whom a newcomer begins as. */
const NOBODY = { slack: '', chatter: '' };
let viewer = NOBODY;
/** The newcomer's Slack user. */
let newcomer = '';
/** What is to be done once, when the next snapshot is shown. */
let afterwards = () => {};
let stop = () => {};
let processes = [];
let connected = true;

const slackPane = createSlackPane({ emoji, fail, become: (slack) => look({ ...viewer, slack }) });
const chatterPane = createChatterPane({ fail, become: (chatter) => look({ ...viewer, chatter }) });
const faults = createFaults({ menus: faultMenus, fail });
const modal = createModal({ fail });
const guide = createGuide(() => {
  const fillIn = () => slackPane.open('C0GENERAL', EXAMPLE);
  if (newcomer === viewer.slack) fillIn();
  else look(NOBODY, fillIn);
});
look(viewer);

/** Looks through the eyes of these two people. */
function look(next, andThen = () => {}) {
  stop();
  afterwards = andThen;
  viewer = next;
  stop = watch(viewer, show, (isConnected) => {
    connected = isConnected;
    showProcesses();
  });
}

/** @param {import('../snapshot.ts').Snapshot} state */
function show(state) {
  viewer = { slack: state.slack.viewer, chatter: state.chatter.viewer };
  slackPane.show(state.slack);
  chatterPane.show(state.chatter);
  modal.show(state.slack, slackPane.names());
  faults.show(state.faults);
  guide.show(state);
  processes = state.processes;
  showProcesses();
  newcomer ||= viewer.slack;
  afterwards();
  afterwards = () => {};
}

function showProcesses() {
  const items = connected ? processes : [{ name: 'sandbox', state: 'not answering' }];
  showItems(
    byId('processes'),
    items,
    ({ name }) => name,
    ({ name, state }) => h('li', { className: state === 'running' ? 'good' : 'bad' }, `${name} ${state}`),
  );
}

/** Says what could not be done, for a while. @param {unknown} error */
function fail(error) {
  const words = error instanceof Error ? error.message : String(error);
  const toast = h('p', { className: 'toast', role: 'alert' }, words);
  document.body.append(toast);
  setTimeout(() => toast.remove(), 6_000);
}
