/** `unreadable` has the places of a file that could not be read, and is empty if there are none. */
export const unreadablePlaces = `ALTER TABLE collected_file ADD COLUMN unreadable TEXT NOT NULL DEFAULT '';`;
