"""Every RPC of the product, from its descriptors, called by gRPC's own client."""

import pathlib
import sys

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from descriptors import Descriptors  # noqa: E402

PATIENCE_S = 60


class Answer:
    """What came of a call: `code` is OK with `message` as a dictionary, or the status with its reason and fields."""

    def __init__(self, code, message=None, reason="", fields=(), words=""):
        self.code, self.message, self.reason, self.fields, self.words = code, message, reason, tuple(fields), words

    def __repr__(self):
        return f"{self.code} {self.reason} {list(self.fields)} {self.words} {self.message if self.code == 'OK' else ''}"


class Rpcs(Descriptors):
    def __init__(self, build):
        super().__init__(build)
        services = [self.pool.FindServiceByName(f"{file.package}.{service.name}")
                    for file in self.files if file.package.startswith("holdfast.") for service in file.service]
        self.methods = {f"{service.name}/{method.name}": method for service in services for method in service.methods}
        self.channel = None

    def connect(self, address):
        self.channel = grpc.insecure_channel(address)

    def call(self, path, request, key):
        """`request` is a dictionary by the fields' own names."""
        method = self.methods[path]
        asked, answered = self.classes(method)
        message = json_format.ParseDict(request, asked(), descriptor_pool=self.pool)
        invoke = self.channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answered.FromString,
        )
        try:
            answer = invoke(message, timeout=PATIENCE_S, metadata=[("authorization", f"Bearer {key}")])
        except grpc.RpcError as refused:
            return Answer(refused.code().name, None, *self.refusal(refused), refused.details())
        return Answer("OK", json_format.MessageToDict(
            answer, including_default_value_fields=True, preserving_proto_field_name=True, descriptor_pool=self.pool))

    def fields(self, path):
        """(path of the field as a tuple, field) of all that a request can say, as deep as it goes."""
        return list(_fields(self.methods[path].input_type, ()))


def _fields(message, above):
    for field in message.fields:
        yield (*above, field.name), field
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.full_name.startswith("holdfast."):
            yield from _fields(field.message_type, (*above, field.name))
