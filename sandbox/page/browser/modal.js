import { act } from './api.js';
import { byId } from './dom.js';
import { createForm } from './form.js';

/**
 * The modal that a person has open in Slack, if any.
 * @param {object} options
 * @param {(error: unknown) => void} options.fail
 */
export function createModal({ fail }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('modal'));
  let shown = '';
  let viewer = '';
  let viewId = '';
  /** @type {ReturnType<typeof createForm> | undefined} */
  let form;
  const close = () => void act({ do: 'close', as: viewer }).catch(fail);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });

  return {
    /** @param {import('../snapshot.ts').Snapshot['slack']} slack */
    show({ modal, viewer: as, people }, names) {
      viewer = as;
      const now = modal ? `${as} ${modal.hash}` : '';
      if (now === shown) return;
      shown = now;
      if (!modal) {
        dialog.close();
        return;
      }
      const kept = modal.id === viewId ? form?.kept() : undefined;
      viewId = modal.id;
      form = createForm(modal, {
        people,
        names,
        close,
        fail,
        press: ({ blockId, actionId }) =>
          act({ do: 'press', as, channel: '', ts: modal.id, blockId, actionId }).catch(fail),
        suggest: async (actionId, typed) => (await act({ do: 'suggest', as, actionId, typed })).options,
        submit: async (filledIn) => (await act({ do: 'submit', as, filledIn })).errors ?? {},
      });
      if (kept) form.restore(kept);
      dialog.replaceChildren(form.element);
      if (!dialog.open) dialog.showModal();
    },
  };
}
