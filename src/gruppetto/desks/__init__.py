"""Where people meet the house: HTTP lives here, in the gateways and in kernel/live only."""
