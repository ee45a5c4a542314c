import { withIds } from './block-ids.ts';
import type { Fields, View } from './shapes.ts';
import type { Workspace } from './workspace.ts';

/** A modal and those pushed over it: three at the most (Slack docs, "Modals"). */
export const MAX_STACK = 3;

/** The modals that people have open, uppermost last, and their Home tabs. */
export class Views {
  readonly #workspace: Workspace;
  readonly #stacks = new Map<string, View[]>();
  readonly #homes = new Map<string, View>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  stackOf(user: string): readonly View[] {
    return this.#stacks.get(user) ?? [];
  }

  homeOf(user: string): View | undefined {
    return this.#homes.get(user);
  }

  /** Puts a view on top of what the person has open. */
  push(user: string, fields: Fields): View {
    const below = this.stackOf(user);
    const view = this.#make(fields, { previous: below.at(-1), root: below[0] });
    this.#setStack(user, [...below, view]);
    return view;
  }

  publish(user: string, fields: Fields): View {
    const view = this.#make(fields, { same: this.#homes.get(user) });
    this.#homes.set(user, view);
    this.#workspace.changed({ what: 'home', user });
    return view;
  }

  /** Shows other content in an open view, which keeps its id and gets a new hash. */
  replace(view: View, fields: Fields): View {
    const user = this.userOf(view);
    const changed = this.#make(fields, { same: view });
    if (user !== undefined && view.type === 'home') this.#homes.set(user, changed);
    if (user !== undefined && view.type === 'modal') {
      const stack = this.stackOf(user).map((other) => (other.id === view.id ? changed : other));
      this.#setStack(user, stack);
    }
    return changed;
  }

  close(user: string): void {
    this.#setStack(user, this.stackOf(user).slice(0, -1));
  }

  clear(user: string): void {
    this.#setStack(user, []);
  }

  /** Finds an open view by its id or the app's own name for it. */
  find(by: { id?: string; external_id?: string }): View | undefined {
    const views = [...this.#stacks.values()].flat().concat([...this.#homes.values()]);
    return views.find(
      (view) =>
        (by.id !== undefined && view.id === by.id) ||
        (by.external_id !== undefined && view.external_id === by.external_id),
    );
  }

  userOf(view: View): string | undefined {
    for (const [user, stack] of this.#stacks) if (stack.some(({ id }) => id === view.id)) return user;
    for (const [user, { id }] of this.#homes) if (id === view.id) return user;
    return undefined;
  }

  #setStack(user: string, stack: View[]): void {
    this.#stacks.set(user, stack);
    this.#workspace.changed({ what: 'view', user });
  }

  /** A view with all the fields that Slack answers, as in its views.open example. */
  #make(
    fields: Fields,
    kin: { same?: View | undefined; previous?: View | undefined; root?: View | undefined },
  ): View {
    const { team, app, ids } = this.#workspace;
    const id = kin.same?.id ?? ids.next('V');
    return {
      private_metadata: '',
      callback_id: '',
      external_id: '',
      clear_on_close: false,
      notify_on_close: false,
      close: null,
      submit: null,
      title: null,
      ...fields,
      type: fields.type === 'home' ? 'home' : 'modal',
      blocks: withIds(Array.isArray(fields.blocks) ? fields.blocks : [], () => ids.next('b')),
      id,
      team_id: team.id,
      state: { values: {} },
      hash: `${Math.floor(this.#workspace.now() / 1_000)}.${ids.next('h')}`,
      previous_view_id: kin.same?.previous_view_id ?? kin.previous?.id ?? null,
      root_view_id: kin.same?.root_view_id ?? kin.root?.id ?? id,
      app_id: app.app_id,
      app_installed_team_id: team.id,
      bot_id: app.bot_id,
    };
  }
}
