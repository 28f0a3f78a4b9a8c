// Words that any page may need.

export const ui = {
  cancel: 'Cancel',
  close: 'Close',
  copied: 'Copied.',
  notCopied: 'The browser did not let us copy this.',
  copy: 'Copy',
  delete: 'Delete',
  dismiss: 'Dismiss',
  discard: 'Discard',
  edit: 'Edit',
  /** Of a list. */
  entry: (number: number) => `No. ${number}`,
  within: (place: string, fault: string) => `${place}: ${fault}`,
  leave: 'Leave',
  timesIn: (zone: string) => `Times in ${zone}`,
  loading: 'Loading …',
  loadMore: 'Show more',
  optional: 'optional',
  save: 'Save',
  saved: 'Saved.',
  tryAgain: 'Try again',
  unsaved: 'You have unsaved changes.',
  unsavedQuestion: 'Leave without saving?',
  unsavedInDialog: 'What you have typed here will be lost.',
  unsavedText: 'What you have changed on this page will be lost.',
};
