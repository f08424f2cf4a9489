"""gRPC and its errors as a stranger knows them: by the descriptors of the protos alone, without generated code."""

import pathlib

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Descriptors:
    def __init__(self, build):
        """Of the protos as that build has them."""
        self.files = descriptor_pb2.FileDescriptorSet.FromString((pathlib.Path(build) / "holdfast.binpb").read_bytes()).file
        self.pool = descriptor_pool.DescriptorPool()
        for file in self.files:
            self.pool.Add(file)
        self._factory = message_factory.MessageFactory(self.pool)

    def message(self, name):
        """The class of a message, by its full name."""
        return self._factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def classes(self, method):
        """A method's request and response."""
        return self._factory.GetPrototype(method.input_type), self._factory.GetPrototype(method.output_type)

    def refusal(self, error):
        """The reason of holdfast's closed list that a grpc.RpcError holds ("" where no holdfast has said one), and the
        fields at fault."""
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        reason, fields = "", []
        for any_ in self.message("google.rpc.Status").FromString(details).details:
            name = any_.type_url.split("/")[-1]
            if name == "google.rpc.ErrorInfo":
                reason = self.message(name).FromString(any_.value).reason
            elif name == "google.rpc.BadRequest":
                fields = [violation.field for violation in self.message(name).FromString(any_.value).field_violations]
        return reason, fields
