"""SIP: datagrams, transactions, dialogs and session descriptions. Transactions are sippy's, the dialogs are our own."""
