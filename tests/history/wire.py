"""gRPC and events as a stranger knows them: by the descriptors of the protos alone, without generated code."""

import os
import re
import sys
from pathlib import Path

# Before gRPC is loaded: a process that starts others would otherwise wait, for ever, for threads that wait for it (1.51).
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
import grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from google.protobuf.message import DecodeError  # noqa: E402

sys.path.append(str(Path(__file__).resolve().parents[1]))
from descriptors import Descriptors  # noqa: E402

OPTIONS = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1000),
    ("grpc.enable_retries", 0),
]
# What may have been done or not: the connection broke, time ran out, or the service said so. The rest is refused.
UNKNOWN_CODES = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNKNOWN,
}


class Protos(Descriptors):
    def __init__(self, build):
        super().__init__(build)
        self._events = {
            f"holdfast.{_kebab(message.name)}.v1": f"{file.package}.{message.name}"
            for file in self.files
            if file.name.endswith("/events.proto")
            for message in file.message_type
        }

    def method(self, path):
        """'holdfast.tickets.v1.TicketService/OpenTicket': its request and response classes."""
        service, name = path.split("/")
        return self.classes(self.pool.FindServiceByName(service).methods_by_name[name])

    def event(self, kind, payload):
        """An event's data as a dictionary, by its ce_type; None where nobody can read it."""
        if kind not in self._events:
            return None
        try:
            return as_dictionary(self.message(self._events[kind]).FromString(payload))
        except DecodeError:
            return None


class Caller:
    """Calls the services at their addresses, in the name of one key."""

    def __init__(self, protos, addresses, key):
        self.protos = protos
        self._channels = {name: grpc.insecure_channel(address, OPTIONS) for name, address in addresses.items()}
        self._key = key

    def call(self, where, path, request, call_id, timeout_s, key=None):
        """(outcome, answer, reason): ok with the answer; refused or unknown with the reason."""
        given, answered = self.protos.method(path)
        method = self._channels[where].unary_unary(
            f"/{path}", request_serializer=given.SerializeToString, response_deserializer=answered.FromString
        )
        metadata = [("authorization", f"Bearer {key or self._key}"), ("x-request-id", call_id)]
        try:
            message = json_format.ParseDict(request, given())
            return "ok", as_dictionary(method(message, timeout=timeout_s, metadata=metadata)), None
        except grpc.RpcError as error:
            return self._outcome(error)

    def _outcome(self, error):
        reason, _ = self.protos.refusal(error)
        told = f"{error.code().name} {reason} {(error.details() or '')[:200]}"
        # What no holdfast has answered is the connection's doing.
        unknown = error.code() in UNKNOWN_CODES or reason == "OUTCOME_UNKNOWN" or not reason
        return "unknown" if unknown else "refused", None, told

    def close(self):
        for channel in self._channels.values():
            channel.close()


def as_dictionary(message):
    return json_format.MessageToDict(message, including_default_value_fields=True)


def _kebab(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
