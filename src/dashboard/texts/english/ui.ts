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
  leave: 'Leave',
  loading: 'Loading …',
  loadMore: 'Show more',
  optional: 'optional',
  save: 'Save',
  saved: 'Saved.',
  tryAgain: 'Try again',
  unsaved: 'You have unsaved changes.',
  unsavedQuestion: 'Leave without saving?',
  unsavedText: 'What you have changed on this page will be lost.',
};
