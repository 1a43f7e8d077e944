import { hash } from 'node:crypto';
import type { MixpanelConfig } from '../../config/config.ts';

/** A digest of the project token: two connections with the same one share a project. Absent without access to deletions. */
export const projectOf = ({ deletions }: Pick<MixpanelConfig, 'deletions'>): string | undefined =>
  deletions && hash('sha256', deletions.projectToken.reveal()).slice(0, 16);
