/**
 * Other stores of a user's data, which this service can't delete from, and how to request the deletion there.
 */
export const outOfReach = [
  {
    where: 'Mixpanel',
    next: 'Request deletion of this distinct ID in Mixpanel: forget --vendors does, or Project Settings → Data & Privacy.',
  },
  {
    where: 'Braze',
    next: 'Delete the user in Braze (POST /users/delete); this service never does. Do this first, so that Braze sends no further events of this user.',
  },
  {
    where: 'exported files',
    next: 'Delete the user from the files in your bucket. A back-fill does not deliver their events, but the files keep them.',
  },
  {
    where: 'copies',
    next: 'Logs, backups of the storage and write-ahead archives keep the data until their own retention ends.',
  },
] as const;
