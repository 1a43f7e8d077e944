"""Calls methods of the published Python client `mixpanel`, unchanged.

Reads {"url", "token", "calls": [[method, arguments, keywords], ...]} and prints for each call null, or the
error that it raised.
"""
import json
import sys

import mixpanel

given = json.load(sys.stdin)
# `alias` makes a consumer of its own, always for Mixpanel's host.
consumer = mixpanel.Consumer(
    events_url=given["url"] + "/track",
    people_url=given["url"] + "/engage",
    groups_url=given["url"] + "/groups",
    import_url=given["url"] + "/import",
)
mixpanel.Consumer = lambda *_, **__: consumer
client = mixpanel.Mixpanel(given["token"], consumer=consumer)


def outcome(method, arguments, keywords):
    try:
        getattr(client, method)(*arguments, **keywords)
    except mixpanel.MixpanelException as error:
        return str(error)


print(json.dumps([outcome(*call) for call in given["calls"]]))
