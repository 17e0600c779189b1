"""A walk over all of `/v1`, by the official SDK: each module is a stretch of the way.

Every answer is held to the SDK's types as it arrives (`tests/contract/sdk.py`). A stretch calls
each endpoint of its objects so that it succeeds, with every parameter the endpoint has, and says
what a filter finds. `test_every_endpoint.py` compares what was called with what is served.
"""
