using System.CommandLine;
using LacEdge.Decode;

const int usage = 2;
var root = new RootCommand("PPPoE access concentrator and L2TP LAC") { DecodeCommand.Create() };
var result = root.Parse(args);
var code = result.Invoke();
return result.Errors.Count > 0 ? usage : code;
