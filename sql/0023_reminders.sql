-- Whether callers are sent text messages at all is a setting of the line; how long before they are reminded is one of the client.

ALTER TABLE clients DROP COLUMN confirm_by_sms;
