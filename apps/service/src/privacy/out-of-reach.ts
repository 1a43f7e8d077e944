/** Where a user's data may be that this service can't take away, and how to ask there. */
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
