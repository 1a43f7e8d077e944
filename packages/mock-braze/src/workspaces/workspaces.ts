/**
 * The workspaces of a Braze account: each has its own users, keys, Currents, cohorts and settings, behind one
 * REST endpoint. The REST key or the data import key of a request selects the workspace. The control API uses
 * the header `X-Workspace`, and the main workspace without it.
 */
import { ControlInputError, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { defaultRestKey, type MockBrazeModel } from '../model.ts';
import { defaultDataImportKey } from '../partners/data-import-keys.ts';
import type { StoredState, WorkspaceState } from '../state.ts';

/** The model of the workspace that a control request selects. */
export type ModelOf = (request: SimRequest) => MockBrazeModel;

export class Workspaces {
  readonly main: MockBrazeModel;
  readonly #others = new Map<string, MockBrazeModel>();
  readonly #make: (name: string) => MockBrazeModel;
  #keysMade = 0;

  constructor(main: MockBrazeModel, make: (name: string) => MockBrazeModel) {
    this.main = main;
    this.#make = make;
  }

  names(): string[] {
    return [...this.#others.keys()];
  }

  /** The workspace of this name. @throws ControlInputError if there is none. */
  of({ headers: { 'x-workspace': name } }: Pick<SimRequest, 'headers'>): MockBrazeModel {
    if (name === undefined || name === 'main') return this.main;
    const model = this.#others.get(name);
    if (model) return model;
    throw new ControlInputError(
      `There is no workspace "${name}". Known are: ${['main', ...this.names()].join(', ')}. POST /_sim/workspaces creates one.`,
    );
  }

  /**
   * Creates a workspace. Its keys are those of the main workspace followed by its name:
   * `braze-rest-key-brand-b`.
   */
  create(name: string): MockBrazeModel {
    const model = this.#make(name);
    model.restKeys = model.restKeys.map(({ permissions }) => ({
      key: `${defaultRestKey}-${name}`,
      permissions,
    }));
    model.dataImportKeys.restore([]);
    model.dataImportKeys.generate(`${defaultDataImportKey}-${name}`);
    this.#others.set(name, model);
    return model;
  }

  delete(name: string): boolean {
    this.#others.get(name)?.close();
    return this.#others.delete(name);
  }

  ownerOfRestKey(key: string | undefined): MockBrazeModel | undefined {
    return this.#all().find(model => model.restKeys.some(known => known.key === key));
  }

  /** The workspace of a key; for an unknown key the main one, which rejects it. */
  withRestKey(key: string | undefined): MockBrazeModel {
    return this.ownerOfRestKey(key) ?? this.main;
  }

  withDataImportKey(secret: unknown): MockBrazeModel {
    if (typeof secret !== 'string') return this.main;
    return this.#all().find(model => model.dataImportKeys.isActive(secret)) ?? this.main;
  }

  newRestKey(): string {
    do this.#keysMade += 1;
    while (this.ownerOfRestKey(`${defaultRestKey}-${this.#keysMade}`));
    return `${defaultRestKey}-${this.#keysMade}`;
  }

  state(): StoredState {
    const workspaces: Record<string, WorkspaceState> = {};
    for (const [name, model] of this.#others) workspaces[name] = model.state();
    return { ...this.main.state(), ...(this.#others.size > 0 && { workspaces }) };
  }

  /** Replaces the whole state, including other workspaces. */
  async restore({ workspaces = {}, ...main }: StoredState): Promise<void> {
    for (const name of this.names()) this.delete(name);
    await this.main.restore(main);
    for (const [name, state] of Object.entries(workspaces)) {
      const model = this.create(name);
      const { restKeys } = model;
      const dataImportKeys = [...model.dataImportKeys.list()];
      await model.restore({ rest_keys: [...restKeys], data_import_keys: dataImportKeys, ...state });
    }
    this.#keysMade = 0;
  }

  async reset(state: StoredState): Promise<void> {
    this.main.resetSettings();
    await this.restore(state);
  }

  close(): void {
    for (const model of this.#all()) model.close();
  }

  #all(): MockBrazeModel[] {
    return [this.main, ...this.#others.values()];
  }
}
