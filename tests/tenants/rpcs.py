"""Every RPC of the product, from its descriptors, called by gRPC's own client."""

import pathlib

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor

PATIENCE_S = 60
REASONS = "google.rpc.ErrorInfo", "google.rpc.BadRequest"


class Answer:
    """What came of a call: `code` is OK with `message` as a dictionary, or the status with its reason and fields."""

    def __init__(self, code, message=None, reason="", fields=(), words=""):
        self.code, self.message, self.reason, self.fields, self.words = code, message, reason, tuple(fields), words

    def __repr__(self):
        return f"{self.code} {self.reason} {list(self.fields)} {self.words} {self.message if self.code == 'OK' else ''}"


class Rpcs:
    def __init__(self, build):
        files = descriptor_pb2.FileDescriptorSet.FromString((pathlib.Path(build) / "holdfast.binpb").read_bytes())
        self.pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)
        services = [self.pool.FindServiceByName(f"{file.package}.{service.name}")
                    for file in files.file if file.package.startswith("holdfast.") for service in file.service]
        self.methods = {f"{service.name}/{method.name}": method for service in services for method in service.methods}
        self.channel = None

    def connect(self, address):
        self.channel = grpc.insecure_channel(address)

    def kind(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def call(self, path, request, key):
        """`request` is a dictionary by the fields' own names."""
        method = self.methods[path]
        message = json_format.ParseDict(request, self.factory.GetPrototype(method.input_type)(), descriptor_pool=self.pool)
        invoke = self.channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self.factory.GetPrototype(method.output_type).FromString,
        )
        try:
            answer = invoke(message, timeout=PATIENCE_S, metadata=[("authorization", f"Bearer {key}")])
        except grpc.RpcError as refused:
            return self._refusal(refused)
        return Answer("OK", json_format.MessageToDict(
            answer, including_default_value_fields=True, preserving_proto_field_name=True, descriptor_pool=self.pool))

    def _refusal(self, refused):
        reason, fields = "", []
        binary = dict(refused.trailing_metadata()).get("grpc-status-details-bin", b"")
        for any_ in self.kind("google.rpc.Status").FromString(binary).details:
            name = any_.type_url.split("/")[-1]
            if name not in REASONS:
                continue
            detail = self.kind(name).FromString(any_.value)
            if name == "google.rpc.ErrorInfo":
                reason = detail.reason
            else:
                fields = [violation.field for violation in detail.field_violations]
        return Answer(refused.code().name, None, reason, fields, refused.details())

    def fields(self, path):
        """(path of the field as a tuple, field) of all that a request can say, as deep as it goes."""
        return list(_fields(self.methods[path].input_type, ()))


def _fields(message, above):
    for field in message.fields:
        yield (*above, field.name), field
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.full_name.startswith("holdfast."):
            yield from _fields(field.message_type, (*above, field.name))
