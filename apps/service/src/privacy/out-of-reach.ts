/**
 * Other stores of a user's data, which this service can't delete from, and how to request the deletion there.
 */
export const outOfReach = [
  {
    where: 'Mixpanel',
    next: 'Ask for a data deletion of this distinct id in Mixpanel (Project Settings → Data & Privacy, or its GDPR API).',
  },
  {
    where: 'Braze',
    next: 'Delete the user in Braze (POST /users/delete); do so first, so that no further events of theirs arrive here.',
  },
  {
    where: 'copies',
    next: 'Logs, back-ups of the storage and its write-ahead archives keep what they held until their own time is over.',
  },
] as const;
